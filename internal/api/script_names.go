package api

import (
	"context"

	"github.com/memseep/memseep/internal/script/library"
)

func (a *API) listScriptNames(ctx context.Context, _ *noInput) (*pageOutput[ScriptName], error) {
	chinese := languageOf(ctx) == "zh"
	return pageOf(library.Names(), "", func(n library.Name) ScriptName {
		v := ScriptName{Module: n.Module, Name: n.Name, Signature: n.Signature, Doc: n.English}
		if chinese {
			v.Doc = n.Chinese
		}
		return v
	}), nil
}
