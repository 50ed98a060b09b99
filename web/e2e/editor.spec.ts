// Who writes scripts: from an empty page to a published version, alone and with others.
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { empty, expect, full, languages, say, signIn, test, type Language } from './studio'

const wrong = 'def high(limit=90):\n    yield limit\n'
const code = `import memseep
from guance_monitor__runner import Runner


def high(limit=90):
    for host in memseep.hosts()[:3]:
        print('looking at', host)
    return {'limit': limit}


def fails():
    print('before')
    return 1 / 0


def endless():
    print('it goes on')
    while True:
        pass
`

const editor = (page: Page) => page.locator('.cm-content').first()

async function write(page: Page, text: string) {
  await editor(page).click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(text)
}

async function newSet(page: Page, language: Language, name: string) {
  await page.getByRole('button', { name: say(language, 'New set', '新建脚本集') }).click()
  await page.getByRole('dialog').getByLabel(say(language, 'Name', '名称')).fill(name)
  await page.getByRole('dialog').getByRole('button', { name: say(language, 'Save', '保存') }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
}

async function newScript(page: Page, language: Language, set: string, name: string) {
  await page.getByRole('button', { name: say(language, `More for ${set}`, `${set} 的更多操作`), exact: true }).click()
  await page.getByRole('menuitem', { name: say(language, 'New script', '新建脚本') }).click()
  await page.getByRole('dialog').getByLabel(say(language, 'Name', '名称')).fill(name)
  await page.getByRole('dialog').getByRole('button', { name: say(language, 'New script', '新建脚本') }).click()
  await expect(page.getByRole('heading', { name: `${set}__${name}` })).toBeVisible()
  await expect(editor(page)).toBeVisible()
}

async function noSeriousFindings(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.filter((v) => v.impact === 'serious' || v.impact === 'critical').map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([])
}

// What makes the page wider than the screen.
const tooWide = (page: Page) =>
  page.evaluate(() =>
    document.documentElement.scrollWidth <= window.innerWidth
      ? []
      : [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > window.innerWidth && !e.closest('.cm-editor')).map((e) => `${e.tagName} ${e.className}`),
  )

const stateOf = (page: Page) => page.getByTestId('script-state')

for (const language of languages) {
  test(`a script is written, checked, run, published and gone back to (${language})`, async ({ page }) => {
    const set = `ops_${language}`
    await signIn(page, language === 'en' ? full() : empty(), language, '/scripts')
    await expect(page.getByRole('heading', { name: say(language, 'No scripts yet', '还没有脚本') })).toBeVisible() // of a new workspace
    await newSet(page, language, set)
    await newScript(page, language, set, 'high')
    await expect(page.getByText(say(language, 'No errors of form', '没有格式错误'))).toBeVisible()

    await test.step('a mistake is marked, with what to write instead', async () => {
      await write(page, wrong)
      await expect(page.getByRole('button', { name: language === 'zh' ? /第 2 行第 5 列：.*可改写为：/ : /Line 2, column 5: .*Write instead: / })).toBeVisible()
      await expect(page.locator('.cm-lintRange-error')).toHaveText('yield')
      await expect(stateOf(page)).toHaveText(say(language, 'Not saved', '未保存'))
    })

    await test.step('it is saved by the keyboard', async () => {
      await write(page, code)
      await expect(page.getByText(say(language, 'No errors of form', '没有格式错误'))).toBeVisible()
      await page.keyboard.press('ControlOrMeta+s')
      await expect(stateOf(page)).toHaveText(say(language, 'Never published', '从未发布'))
    })

    await test.step('it runs: prints, what it returned, time and memory', async () => {
      await page.getByLabel(say(language, 'Arguments (JSON)', '参数（JSON）')).fill('{limit: 80}')
      await expect(page.getByText(say(language, 'This is no JSON', '不是合法的 JSON'))).toBeVisible()
      await page.getByLabel(say(language, 'Arguments (JSON)', '参数（JSON）')).fill('{"limit": 80}')
      await page.getByRole('button', { name: say(language, 'Run', '运行'), exact: true }).click()
      await expect(page.getByText(say(language, 'It ran to its end.', '运行结束。'))).toBeVisible()
      if (language === 'en') await expect(page.getByRole('log')).toContainText('looking at')
      await expect(page.getByTestId('returned')).toContainText('"limit": 80')
      await expect(page.getByText(language === 'zh' ? /内存峰值 [\d.]+ MiB/ : /Peak memory [\d.]+ MiB/)).toBeVisible()
    })

    await test.step('where it fails, its line is marked', async () => {
      await page.getByRole('combobox', { name: say(language, 'Function', '函数') }).click()
      await page.getByRole('option', { name: 'fails' }).click()
      await page.getByLabel(say(language, 'Arguments (JSON)', '参数（JSON）')).fill('')
      await page.getByRole('button', { name: say(language, 'Run', '运行'), exact: true }).click()
      await expect(page.getByText('ZeroDivisionError', { exact: false }).first()).toBeVisible()
      await expect(page.locator('.cm-failed-line')).toHaveText('    return 1 / 0')
      await page.getByRole('button', { name: say(language, 'Go to line 13', '跳到第 13 行') }).click()
      await expect(page.locator('.cm-editor.cm-focused .cm-activeLine')).toHaveText('    return 1 / 0')
      await noSeriousFindings(page)
    })

    await test.step('a run without end is stopped', async () => {
      await page.getByRole('combobox', { name: say(language, 'Function', '函数') }).click()
      await page.getByRole('option', { name: 'endless' }).click()
      await editor(page).click()
      await page.keyboard.press('ControlOrMeta+Enter')
      await expect(page.getByRole('log')).toContainText('it goes on') // while it runs
      await page.getByRole('button', { name: say(language, 'Stop', '停止') }).click()
      await expect(page.getByText(say(language, 'Stopped.', '已停止。'))).toBeVisible()
    })

    await test.step('it is published with a note', async () => {
      await page.getByRole('button', { name: say(language, 'Publish', '发布'), exact: true }).click()
      await page.getByRole('dialog').getByLabel(say(language, 'What changed', '改动说明')).fill('first one')
      await page.getByRole('dialog').getByRole('button', { name: say(language, 'Publish', '发布'), exact: true }).click()
      await expect(stateOf(page)).toHaveText(say(language, 'Version 1', '版本 1'))
    })

    await test.step('the draft is compared with what is published', async () => {
      await write(page, code.replace('limit=90', 'limit=75'))
      await page.getByRole('button', { name: say(language, 'Save', '保存'), exact: true }).click()
      await expect(stateOf(page)).toHaveText(say(language, 'Draft', '草稿'))
      await page.getByRole('tab', { name: say(language, 'Changes', '差异') }).click()
      await expect(page.getByTestId('compare').locator('.cm-merge-a .cm-changedText')).toHaveText('90')
      await expect(page.getByTestId('compare').locator('.cm-merge-b .cm-changedText')).toHaveText('75')
      await noSeriousFindings(page)
    })

    await test.step('it goes back to a version', async () => {
      await page.getByRole('tab', { name: say(language, 'Versions', '版本') }).click()
      await expect(page.getByRole('row', { name: /first one/ })).toBeVisible()
      await noSeriousFindings(page)
      await page.getByRole('row', { name: /first one/ }).getByRole('button', { name: say(language, 'Back to it', '回到此版本') }).click()
      await page.getByRole('dialog').getByRole('button', { name: say(language, 'Back to it', '回到此版本') }).click()
      await expect(stateOf(page)).toHaveText(say(language, 'Version 1', '版本 1'))
      await page.getByRole('tab', { name: say(language, 'Draft', '草稿') }).click()
      await expect(editor(page)).toContainText('limit=90')
    })

    await test.step('on a phone nothing is wider than the screen', async () => {
      await page.setViewportSize({ width: 390, height: 844 })
      await expect(editor(page)).toBeVisible()
      await expect.poll(() => tooWide(page)).toEqual([])
      await page.getByRole('link', { name: say(language, 'All scripts', '全部脚本') }).click()
      await expect(page.getByRole('link', { name: 'high' })).toBeVisible()
      await expect(editor(page)).toHaveCount(0)
    })
  })
}

test('what can be written next is offered', async ({ page }) => {
  await signIn(page, full(), 'en', '/scripts')
  await newSet(page, 'en', 'offers')
  await newScript(page, 'en', 'offers', 'a')
  await write(page, 'import memseep\n\n\ndef run():\n    ')
  await page.keyboard.press('ControlOrMeta+End')
  await page.keyboard.type('memseep.sam')
  await page.locator('.cm-tooltip-autocomplete').getByRole('option', { name: /samples/ }).click() // Enter takes it too, after a moment in which it is a new line
  await expect(editor(page)).toContainText('memseep.samples')
  await page.keyboard.press('Escape') // then Tab leaves the code
  await page.keyboard.press('Escape')
  await page.keyboard.press('Tab')
  await expect(editor(page)).not.toBeFocused()
})

test('two people who write one script see both drafts, and put them together', async ({ page, context, complaints }) => {
  await signIn(page, full(), 'en', '/scripts')
  await newSet(page, 'en', 'shared')
  await newScript(page, 'en', 'shared', 'both')
  await write(page, 'def a():\n    return 1\n\n\ndef b():\n    return 1\n')
  await page.keyboard.press('ControlOrMeta+s')
  await expect(stateOf(page)).toHaveText('Never published')

  const other = await context.newPage()
  await other.goto(page.url())
  await write(page, 'def a():\n    return 1\n\n\ndef b():\n    return "mine"\n')
  await write(other, 'def a():\n    return "theirs"\n\n\ndef b():\n    return 1\n')
  await other.keyboard.press('ControlOrMeta+s')
  await expect(stateOf(other)).toHaveText('Never published')
  await expect(page.getByText('Somebody saved another draft meanwhile.')).toBeVisible() // as soon as it is saved

  await page.getByRole('button', { name: 'Save', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('Two drafts of one script')).toBeVisible()
  await noSeriousFindings(page)
  await dialog.getByRole('button', { name: 'Take this part' }).first().click()
  await dialog.getByRole('button', { name: 'Save mine' }).click()
  await expect(dialog).toHaveCount(0)
  await page.reload()
  await expect(editor(page)).toContainText('return "theirs"')
  await expect(editor(page)).toContainText('return "mine"')
  complaints.length = 0 // the browser logs the 412 that was asked for
})

test('what is typed is there again after a server that is away and a page that is reloaded', async ({ page, complaints }) => {
  await signIn(page, full(), 'en', '/scripts')
  await newSet(page, 'en', 'kept')
  await newScript(page, 'en', 'kept', 'a')
  await page.route('**/api/v1/scripts/*', (route) => (route.request().method() === 'PUT' ? route.abort('connectionrefused') : route.continue()))
  await write(page, 'def typed():\n    return "not saved"\n')
  await page.keyboard.press('ControlOrMeta+s')
  await expect(page.getByText('It was not saved.', { exact: false })).toBeVisible()
  await page.reload()
  await expect(page.getByText('What was typed here and not saved is back.')).toBeVisible()
  await expect(editor(page)).toContainText('not saved')
  await page.unroute('**/api/v1/scripts/*')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(stateOf(page)).toHaveText('Never published')
  await page.reload()
  await expect(editor(page)).toContainText('not saved')
  await expect(page.getByText('is back.', { exact: false })).toHaveCount(0)
  complaints.length = 0 // the browser logs the call that was refused
})

test('sets are written to a file, deleted, and taken from it after a look', async ({ page }) => {
  await signIn(page, full(), 'en', '/scripts')
  await newSet(page, 'en', 'moved')
  await newScript(page, 'en', 'moved', 'a')
  await page.getByRole('button', { name: 'Export' }).click()
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('dialog').getByRole('button', { name: 'Export' }).click()])
  const path = await file.path()

  await page.getByRole('button', { name: 'More for moved', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Delete set' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete set' }).click()
  await expect(page.getByRole('region', { name: 'Script sets' }).getByText('moved', { exact: true })).toHaveCount(0)

  await page.getByRole('button', { name: 'Import' }).click()
  const dialog = page.getByRole('dialog')
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), dialog.getByRole('button', { name: 'File' }).click()])
  await chooser.setFiles(path)
  await expect(dialog.getByText('What would change')).toBeVisible()
  await expect(dialog.getByText('Script moved__a')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Script sets' }).getByText('moved', { exact: true })).toHaveCount(0) // not before it is confirmed
  await dialog.getByRole('button', { name: 'Import' }).click()
  await expect(page.getByRole('region', { name: 'Script sets' }).getByText('moved', { exact: true })).toBeVisible()
})

for (const language of languages) {
  test(`variables are added, changed and deleted; a secret is told to nobody (${language})`, async ({ page }) => {
    await signIn(page, full(), language, '/variables')
    const dialog = page.getByRole('dialog')
    const add = async (name: string, kind: string) => {
      await page.getByRole('button', { name: say(language, 'New variable', '新建变量') }).click()
      await dialog.getByLabel(say(language, 'Name', '名称')).fill(name)
      await dialog.getByRole('combobox', { name: say(language, 'Kind', '类型') }).click()
      await page.getByRole('option', { name: kind, exact: true }).click()
    }
    const save = async () => {
      await dialog.getByRole('button', { name: say(language, 'Save', '保存') }).click()
      await expect(dialog).toHaveCount(0)
    }
    const row = (name: string) => page.getByRole('row', { name: new RegExp(name) })
    const value = dialog.getByLabel(say(language, 'Value', '值'), { exact: false })

    await add(`limit_${language}`, say(language, 'Whole number', '整数'))
    await value.fill('1.5')
    await expect(dialog.getByText(say(language, 'Write a whole number.', '请输入整数。'))).toBeVisible()
    await value.fill('85')
    await save()
    await expect(row(`limit_${language}`)).toContainText('85')

    await add(`token_${language}`, say(language, 'Secret', '密文'))
    await value.fill('hush-hush-secret')
    const [asked] = await Promise.all([page.waitForResponse((r) => r.url().endsWith('/api/v1/variables') && r.request().method() === 'GET'), save()])
    expect(await asked.text()).not.toContain('hush-hush')
    await expect(row(`token_${language}`)).toContainText(say(language, 'Set', '已设置'))
    await expect(page.getByText('hush-hush-secret')).toHaveCount(0)
    await noSeriousFindings(page)

    await row(`token_${language}`).getByRole('button', { name: say(language, 'Edit', '编辑') }).click()
    await expect(value).toHaveValue('')
    await dialog.getByLabel(say(language, 'Note', '备注')).fill('of the robot')
    await save()
    await expect(row(`token_${language}`)).toContainText('of the robot')
    await expect(row(`token_${language}`)).toContainText(say(language, 'Set', '已设置'))

    await row(`limit_${language}`).getByRole('button', { name: say(language, 'Delete', '删除') }).click()
    await dialog.getByRole('button', { name: say(language, 'Delete', '删除') }).click()
    await expect(row(`limit_${language}`)).toHaveCount(0)
  })
}
