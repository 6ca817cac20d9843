-- nvim --clean --headless -l neovim.lua SETUP FIX_ON_SAVE WORKFLOW OTHER REPORT
-- Does what a user would, and writes down what could be seen of it.
local setup, fix_on_save, workflow, other, report = unpack(_G.arg)
local seen = {}

local function wait(what, condition)
  assert(vim.wait(20000, condition, 20), what .. ' did not come')
end

local function client()
  return vim.lsp.get_clients({ bufnr = 0, name = 'steplock' })[1]
end

local function text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n') .. '\n'
end

local function marks()
  local found = {}
  for _, one in ipairs(vim.diagnostic.get(0)) do
    local lines = vim.api.nvim_buf_get_text(0, one.lnum, one.col, one.end_lnum, one.end_col, {})
    found[one.code] = table.concat(lines, '\n')
  end
  return found
end

local function take(title)
  local before = text()
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action)
      return action.title:find(title, 1, true) ~= nil
    end,
  })
  wait(title, function()
    return text() ~= before
  end)
end

dofile(setup)
vim.cmd.filetype('on')

vim.cmd.edit(other)
vim.wait(300)
seen.attached_to_other = client() ~= nil

vim.cmd.edit(workflow)
wait('diagnostics', function()
  return #vim.diagnostic.get(0) >= 3
end)
seen.encoding = client().offset_encoding
seen.marks = marks()

vim.fn.search('actions/checkout')
local hover = client():request_sync('textDocument/hover', vim.lsp.util.make_position_params(0, seen.encoding), 10000)
seen.hover = hover and hover.result and hover.result.contents.value

take('persist-credentials')
vim.cmd.write()
seen.saved = text()
wait('fewer diagnostics', function()
  return marks().artipacked == nil
end)
seen.marks_after = marks()

dofile(fix_on_save)
vim.cmd.write({ bang = true })
wait('the rest of the fixes', function()
  return marks()['template-injection'] == nil
end)
seen.fixed = text()

local file = assert(io.open(report, 'w'))
file:write(vim.json.encode(seen))
file:close()
client():stop()
wait('the end', function()
  return client() == nil
end)
os.exit(0)
