import js from '@eslint/js'
import hooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

export default tseslint.config(
  { ignores: ['dist', 'src/api/schema.d.ts', 'public'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  hooks.configs.flat.recommended,
  { files: ['*.cjs'], languageOptions: { globals: { module: 'writable' } } },
  { rules: { '@typescript-eslint/no-explicit-any': 'error', eqeqeq: 'error', '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }] } },
)
