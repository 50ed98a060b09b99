import { useQuery } from '@tanstack/react-query'
import { useChange } from './change'
import { api, unwrap, type Schemas } from './client'

export type Package = Schemas['Package']
export type PackageDetail = Schemas['PackageDetail']
export type PackageSource = Schemas['PackageSource']
export type PackageSourceInput = Schemas['PackageSourceInput']
export type Deployed = Schemas['PackageDeployed']

const packages = ['packages']
const sources = ['packages', 'sources']

/** usePackages are what all sources had when they were looked at last, and what is installed. */
export const usePackages = () => useQuery({ queryKey: ['packages', 'list'], queryFn: () => unwrap(api.GET('/api/v1/packages')) })

/** useCheckPackages looks at all sources anew. */
export const useCheckPackages = () => useChange<void, unknown>(() => unwrap(api.POST('/api/v1/packages/check')), packages)

/** usePackage is one package of a source with all that is said of it. */
export const usePackage = (source: string, name: string) =>
  useQuery({ queryKey: ['packages', 'one', source, name], queryFn: () => unwrap(api.GET('/api/v1/packages/{source}/{name}', { params: { path: { source, name } } })) })

export const useInstall = () =>
  useChange(
    ({ source, name, force }: { source: string; name: string; force: boolean }) =>
      unwrap(api.POST('/api/v1/packages/{source}/{name}/install', { params: { path: { source, name } }, body: { force } })),
    packages,
    ['scripts'],
    ['triggers'],
  )

export const useUninstall = () => useChange((name: string) => unwrap(api.DELETE('/api/v1/packages/{name}', { params: { path: { name } } })), packages, ['scripts'], ['triggers'])

export type Deploy = { source: string; name: string; values: Record<string, string>; existing: 'keep' | 'replace' }

/** useDeploy sets an installed package to work: variables, startup script, trigger. */
export const useDeploy = () =>
  useChange(
    ({ source, name, ...body }: Deploy) => unwrap(api.POST('/api/v1/packages/{source}/{name}/deploy', { params: { path: { source, name } }, body })),
    packages,
    ['scripts'],
    ['triggers'],
    ['variables'],
  )

/** usePackageSources are where packages come from, the binary's own first. */
export const usePackageSources = () => useQuery({ queryKey: sources, queryFn: () => unwrap(api.GET('/api/v1/package-sources')) })

export const useSavePackageSource = (id?: string) =>
  useChange(
    (body: PackageSourceInput) =>
      id ? unwrap(api.PUT('/api/v1/package-sources/{id}', { params: { path: { id } }, body })) : unwrap(api.POST('/api/v1/package-sources', { body })),
    packages,
  )

export const useDeletePackageSource = () => useChange((id: string) => unwrap(api.DELETE('/api/v1/package-sources/{id}', { params: { path: { id } } })), packages)
