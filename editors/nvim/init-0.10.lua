-- For Neovim 0.10, which has no vim.lsp.config: put this into init.lua.
local files = {
  '/%.github/workflows/[^/]+%.ya?ml$',
  '/%.github/dependabot%.ya?ml$',
  '/%.pre%-commit%-config%.yaml$',
  '/action%.ya?ml$',
  '/steplock%.ya?ml$',
}

vim.api.nvim_create_autocmd('FileType', {
  pattern = { 'yaml', 'yaml.*' },
  callback = function(event)
    local path = vim.fs.normalize(vim.api.nvim_buf_get_name(event.buf))
    for _, pattern in ipairs(files) do
      if path:find(pattern) then
        vim.lsp.start({
          name = 'steplock',
          cmd = { 'steplock', 'lsp' },
          root_dir = vim.fs.root(path, { '.git', '.github' }) or vim.fs.dirname(path),
          settings = { steplock = {} },
        })
        return
      end
    end
  end,
})
