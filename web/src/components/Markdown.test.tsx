import { MantineProvider } from '@mantine/core'
import { render } from '@testing-library/react'
import { beforeAll, describe, expect, it } from 'vitest'
import MarkdownText from './MarkdownText'

beforeAll(() => {
  window.matchMedia = ((query: string) => ({ matches: false, media: query, addEventListener: () => {}, removeEventListener: () => {} })) as unknown as typeof window.matchMedia
})

const show = (text: string) =>
  render(
    <MantineProvider>
      <MarkdownText text={text} />
    </MantineProvider>,
  ).container

describe('a text that others wrote', () => {
  it('is formatted', () => {
    const shown = show('lowest: **91.2%** of\n\n- one\n- `two`\n\n| host | % |\n|---|---|\n| a | 9 |')
    expect(shown.querySelector('strong')?.textContent).toBe('91.2%')
    expect(shown.querySelectorAll('li')).toHaveLength(2)
    expect(shown.querySelector('li code')?.textContent).toBe('two')
    expect(shown.querySelector('td')?.textContent).toBe('a')
  })

  it.each([
    ['an element', '<img src=x onerror="window.harmed=1">'],
    ['a script', '<script>window.harmed=1</script>'],
    ['a frame', 'a <iframe src="https://example.com"></iframe>'],
  ])('shows %s as the text that it is', (_, text) => {
    const shown = show(text)
    expect(shown.querySelectorAll('img, script, iframe')).toHaveLength(0)
    expect(shown.textContent).toContain('<')
  })

  it.each([
    ['a link', '[press](javascript:alert(1))'],
    ['a picture', '![press](javascript:alert(1))'],
    ['data', '[press](data:text/html,<script>1</script>)'],
  ])('takes away an address that would run: %s', (_, text) => {
    expect([...show(text).querySelectorAll('a')].map((a) => a.getAttribute('href') ?? '')).not.toContainEqual(expect.stringMatching(/javascript|data:/))
  })

  it('fetches no picture, and links to it', () => {
    const shown = show('![the curve](https://example.com/c.png)')
    expect(shown.querySelector('img')).toBeNull()
    expect(shown.querySelector('a')?.getAttribute('href')).toBe('https://example.com/c.png')
  })
})
