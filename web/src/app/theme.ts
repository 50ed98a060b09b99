import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'
import i18next from 'i18next'

const sea: MantineColorsTuple = [
  '#e6f6f8', '#d0e8ec', '#a1d0d8', '#6eb7c3', '#46a2b2', '#2b95a7', '#178ea2', '#00798c', '#006c7e', '#005d6e',
]

// Contrast of text on every filled colour is AA: autoContrast chooses black or white by luminance.
export const theme = createTheme({
  primaryColor: 'sea',
  primaryShade: { light: 8, dark: 7 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  colors: { sea },
  defaultRadius: 'md',
  fontFamily:
    'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: { fontWeight: '600' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    CloseButton: { defaultProps: () => ({ 'aria-label': i18next.t('shell.action.close') }) }, // of dialogs and notifications
    Alert: { styles: { title: { color: 'var(--mantine-color-text)' } } },
    Table: { defaultProps: { verticalSpacing: 6, horizontalSpacing: 'sm' } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 200, events: { hover: true, focus: true, touch: true } } },
  },
})

// Mantine's dimmed text and dark links fall short of AA: 4.5 to 1.
export const variables: CSSVariablesResolver = (theme) => ({
  variables: {},
  light: { '--mantine-color-dimmed': theme.colors.gray[7], '--mantine-color-placeholder': theme.colors.gray[7] },
  dark: { '--mantine-color-dimmed': theme.colors.dark[1], '--mantine-color-placeholder': theme.colors.dark[2], '--mantine-color-anchor': sea[3] },
})
