package server

import (
	"path/filepath"

	"github.com/memseep/memseep/internal/script/market"
)

// packagesFolder is where sources of packages on this machine lie, in the data directory.
const packagesFolder = "packages"

// market is where packages of scripts come from.
func (p *parts) market() *market.Market {
	folders := p.o.Config.Server.Scripts.Folders
	if len(folders) == 0 {
		folders = []string{filepath.Join(p.o.Config.Server.Data, packagesFolder)}
	}
	return market.New(market.Options{
		DB: p.db, Library: p.scripts, Folders: folders, CheckURL: p.reachable().CheckURL, Dialed: p.reachable().Dialed,
		Clock: p.o.Clock, Logger: p.o.Logger.With("part", "market"),
	})
}
