package target

import (
	"context"
	"errors"
)

// Leaving has may asked in the moment before a message leaves: when the other side is reached, its certificate is
// good and, where it wants that, it has let us in. Where may says no nothing leaves. It is asked again where a
// message takes several requests.
func Leaving(ctx context.Context, may func() bool) context.Context {
	return context.WithValue(ctx, leaving{}, may)
}

type leaving struct{}

// errStays is a message that was not to leave; whoever said so knows why.
var errStays = errors.New("the message was not to leave")

func mayLeave(ctx context.Context) bool {
	may, asks := ctx.Value(leaving{}).(func() bool)
	return !asks || may()
}
