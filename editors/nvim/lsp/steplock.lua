---@brief
---
--- https://github.com/steplock/steplock
---
--- GitHub Actions security: findings, quick fixes, hovers and completion in workflows, actions,
--- Dependabot and pre-commit configurations.
---
--- ```sh
--- pipx install 'steplock[lsp]'
--- ```
---
--- It attaches to these files only, not to all YAML. Settings are those of `steplock.yml`:
---
--- ```lua
--- vim.lsp.config('steplock', {
---   settings = { steplock = { persona = 'pedantic', rules = { ['unpinned-uses'] = 'off' } } },
--- })
--- ```

local files = {
  '/%.github/workflows/[^/]+%.ya?ml$',
  '/%.forgejo/workflows/[^/]+%.ya?ml$',
  '/%.gitea/workflows/[^/]+%.ya?ml$',
  '/%.github/dependabot%.ya?ml$',
  '/%.pre%-commit%-config%.yaml$',
  '/%.pre%-commit%-hooks%.yaml$',
  '/action%.ya?ml$',
  '/steplock%.ya?ml$',
  '/zizmor%.ya?ml$',
}

local function is_ours(path)
  return vim.iter(files):any(function(pattern)
    return path:find(pattern) ~= nil
  end)
end

---@type vim.lsp.Config
return {
  cmd = { 'steplock', 'lsp' },
  filetypes = { 'yaml', 'yaml.ghaction', 'yaml.github' },
  root_dir = function(bufnr, on_dir)
    local path = vim.fs.normalize(vim.api.nvim_buf_get_name(bufnr))
    if is_ours(path) then
      on_dir(vim.fs.root(path, { '.git', '.github' }) or vim.fs.dirname(path))
    end
  end,
  init_options = {},
  settings = { steplock = {} },
}
