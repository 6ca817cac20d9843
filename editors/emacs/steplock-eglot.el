;;; steplock-eglot.el --- GitHub Actions security in Eglot  -*- lexical-binding: t; -*-

;; Emacs 29 and newer have all that it needs; Emacs 28 needs the packages eglot and yaml-mode.
;; M-x eglot-code-action-quickfix offers the fixes at point.

;;; Code:

(require 'eglot)

(add-to-list 'eglot-server-programs '((yaml-mode yaml-ts-mode) . ("steplock" "lsp")))

(defconst steplock-files
  (concat "/\\(?:\\.\\(?:github\\|forgejo\\|gitea\\)/workflows/[^/]+\\.ya?ml"
          "\\|\\.github/dependabot\\.ya?ml"
          "\\|\\.pre-commit-\\(?:config\\|hooks\\)\\.yaml"
          "\\|\\(?:action\\|steplock\\|zizmor\\)\\.ya?ml\\)\\'")
  "What steplock reads.")

(defun steplock-ensure ()
  "Start Eglot where steplock has something to say."
  (when (and buffer-file-name (string-match-p steplock-files buffer-file-name))
    (eglot-ensure)))

(add-hook 'yaml-mode-hook #'steplock-ensure)
(add-hook 'yaml-ts-mode-hook #'steplock-ensure)

(provide 'steplock-eglot)
;;; steplock-eglot.el ends here
