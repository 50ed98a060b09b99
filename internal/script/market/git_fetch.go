package market

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/capability"
	"github.com/go-git/go-git/v5/plumbing/transport"
	githttp "github.com/go-git/go-git/v5/plumbing/transport/http"
	"github.com/go-git/go-git/v5/storage/memory"
)

// What a repository may be large. Only one commit is read.
const (
	maxRepository = 16 << 20 // bytes of an answer
	maxObjects    = 64 << 20 // bytes of its objects, unpacked
)

// fetchRepository gets one commit of a repository into memory.
func fetchRepository(ctx context.Context, c *http.Client, address, ref string) (f files, err error) {
	end, err := transport.NewEndpoint(address)
	if err != nil {
		return nil, fmt.Errorf("read the address: %w", err)
	}
	limited := *c
	limited.Transport = limitedAnswers{c.Transport}
	session, err := githttp.NewClientWithOptions(&limited, &githttp.ClientOptions{RedirectPolicy: githttp.FollowInitialRedirects}).NewUploadPackSession(end, nil)
	if err != nil {
		return nil, fmt.Errorf("ask the repository: %w", err)
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	advertised, err := session.AdvertisedReferencesContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("ask the repository for its branches: %w", err)
	}
	hash, ok := advertisedHash(advertised, ref)
	if !ok {
		return nil, errNoRef(ref)
	}
	request := packp.NewUploadPackRequestFromCapabilities(advertised.Capabilities)
	request.Wants = []plumbing.Hash{hash}
	for _, mixed := range []capability.Capability{capability.Sideband, capability.Sideband64k} {
		request.Capabilities.Delete(mixed) // the pack alone, without what the server says of its progress
	}
	if advertised.Capabilities.Supports(capability.Shallow) {
		request.Depth = packp.DepthCommits(1)
		if err := request.Capabilities.Set(capability.Shallow); err != nil {
			return nil, err
		}
	}
	answer, err := session.UploadPack(ctx, request)
	if err != nil {
		return nil, fmt.Errorf("fetch the repository: %w", err)
	}
	pack, err := io.ReadAll(answer)
	if err = errors.Join(err, answer.Close()); err != nil {
		return nil, fmt.Errorf("fetch the repository: %w", err)
	}
	if err := checkPack(pack); err != nil {
		return nil, fmt.Errorf("read what the repository sent: %w", err)
	}
	s := memory.NewStorage()
	if err := packfile.UpdateObjectStorage(s, bytes.NewReader(pack)); err != nil {
		return nil, fmt.Errorf("read what the repository sent: %w", err)
	}
	return commitFiles(s, hash)
}

func advertisedHash(a *packp.AdvRefs, ref string) (plumbing.Hash, bool) {
	if ref == "" {
		if a.Head == nil {
			return plumbing.ZeroHash, false
		}
		return *a.Head, true
	}
	for _, name := range refNames(ref) {
		if hash, ok := a.References[name.String()]; ok {
			return hash, true
		}
	}
	return plumbing.ZeroHash, false
}

// checkPack adds up what the objects of a pack become before any is made: a few bytes of a delta may
// stand for gigabytes.
func checkPack(pack []byte) error {
	s := packfile.NewScanner(bytes.NewReader(pack))
	_, count, err := s.Header()
	if err != nil {
		return err
	}
	total := int64(0)
	for range count {
		h, err := s.NextObjectHeader()
		if err != nil {
			return err
		}
		size := h.Length
		if h.Length < 0 || h.Length > maxObjects {
			return fmt.Errorf("an object is larger than %d MB", maxObjects>>20)
		}
		if h.Type == plumbing.OFSDeltaObject || h.Type == plumbing.REFDeltaObject {
			var delta bytes.Buffer
			if _, _, err := s.NextObject(&delta); err != nil {
				return err
			}
			made, err := deltaSize(delta.Bytes())
			if err != nil {
				return err
			}
			size += made
		}
		if total += size; total > maxObjects {
			return fmt.Errorf("its objects are more than %d MB: name a repository of packages alone", maxObjects>>20)
		}
	}
	return nil
}

// deltaSize is how large what a delta makes is: the second number of its head.
func deltaSize(delta []byte) (int64, error) {
	_, n := binary.Uvarint(delta)
	if n <= 0 {
		return 0, errors.New("a delta has no sizes")
	}
	size, n := binary.Uvarint(delta[n:])
	if n <= 0 || size > maxObjects {
		return 0, fmt.Errorf("an object is larger than %d MB", maxObjects>>20)
	}
	return int64(size), nil
}

// limitedAnswers cuts answers off that are larger than a repository may be.
type limitedAnswers struct{ next http.RoundTripper }

func (l limitedAnswers) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := l.next.RoundTrip(r)
	if err == nil {
		answer.Body = http.MaxBytesReader(nil, answer.Body, maxRepository)
	}
	return answer, err
}
