import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './app/motion.css'
import './app/print.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/App'
import { Hints } from './components/Hints'
import { queries } from './app/queries'
import { theme, variables } from './app/theme'
import { startTranslation } from './i18n'

await startTranslation()
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <Notifications position="bottom-right" />
      <QueryClientProvider client={queries}>
        <App />
        <Hints />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
