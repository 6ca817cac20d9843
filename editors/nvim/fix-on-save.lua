-- Repair what is safe in a workflow whenever it is saved: put this into init.lua.
vim.api.nvim_create_autocmd('BufWritePre', {
  pattern = { '*/.github/workflows/*.yml', '*/.github/workflows/*.yaml', '*/action.yml', '*/action.yaml' },
  callback = function(event)
    for _, client in ipairs(vim.lsp.get_clients({ bufnr = event.buf, name = 'steplock' })) do
      local function ask(method, params)
        local answer = client:request_sync(method, params, 2000, event.buf)
        return answer and answer.result
      end
      local actions = ask('textDocument/codeAction', {
        textDocument = vim.lsp.util.make_text_document_params(event.buf),
        range = { start = { line = 0, character = 0 }, ['end'] = { line = 0, character = 0 } },
        context = { only = { 'source.fixAll.steplock' }, diagnostics = {} },
      })
      for _, action in ipairs(actions or {}) do
        local edit = action.edit or (ask('codeAction/resolve', action) or {}).edit
        if edit then
          vim.lsp.util.apply_workspace_edit(edit, client.offset_encoding)
        end
      end
    end
  end,
})
