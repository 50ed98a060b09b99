import { Button, Group, Stack, Stepper } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChange } from '@/api/change'
import { api, unwrap } from '@/api/client'
import { useMay } from '@/api/session'
import { Failure } from '@/components/Failure'
import { Forbidden } from '@/components/Forbidden'
import { Heading } from '@/components/Heading'
import { Connect } from './Connect'
import { FirstRun } from './FirstRun'
import { Tell } from './Tell'
import classes from './WelcomePage.module.css'

/** WelcomePage leads from nothing to somebody who is told: connect, inspect, tell. */
export function WelcomePage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const may = useMay('owner')
  const [step, setStep] = useState(0)
  const [sourceID, setSourceID] = useState('')
  const settings = useQuery({ queryKey: ['settings', 'general', 'plain'], queryFn: () => unwrap(api.GET('/api/v1/settings')), enabled: may })
  const finish = useChange(
    async () => {
      if (settings.data) await unwrap(api.PUT('/api/v1/settings', { body: { ...settings.data, setup_done: true } }))
    },
    ['settings'],
    ['overview'],
  )
  if (!may) return <Forbidden needs="owner" />
  const move = (
    <Group justify="space-between">
      <Button variant="default" disabled={step === 0} onClick={() => setStep(step - 1)}>
        {t('welcome.back')}
      </Button>
      {step < 2 ? (
        <Button onClick={() => setStep(step + 1)}>{t('welcome.next')}</Button>
      ) : (
        <Button loading={finish.isPending} onClick={() => finish.mutate(undefined, { onSuccess: () => void navigate({ to: '/' }) })}>
          {t('welcome.finish')}
        </Button>
      )}
    </Group>
  )
  return (
    <Stack maw={900}>
      <Heading name={t('welcome.title')} />
      <Stepper active={step} onStepClick={setStep} size="sm" wrap={false} classNames={{ steps: classes.steps, stepDescription: classes.more, separator: classes.more }}>
        <Stepper.Step label={t('welcome.step.connect')} description={t('welcome.step.connect_text')}>
          <Connect sourceID={sourceID} setSourceID={setSourceID} />
        </Stepper.Step>
        <Stepper.Step label={t('welcome.step.inspect')} description={t('welcome.step.inspect_text')}>
          <FirstRun sourceID={sourceID} />
        </Stepper.Step>
        <Stepper.Step label={t('welcome.step.tell')} description={t('welcome.step.tell_text')}>
          <Tell />
        </Stepper.Step>
      </Stepper>
      {finish.error && <Failure error={finish.error} />}
      {move}
    </Stack>
  )
}
