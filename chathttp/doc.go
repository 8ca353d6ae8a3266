// Package chathttp is a client of Azure Communication Services (ACS) Chat over net/http. It is for Go programs, for pages
// whose own program is Go (where GOOS is js, net/http exchanges by fetch), and for tests against a real server.
//
// What a call does is decided in package chatcore, whose requests, results and errors this package takes and returns. This
// package is its driver: it waits, tells the time, asks for tokens and opens connections.
//
// A [Client] acts for one user of one resource. Its methods may be called from any number of goroutines, and each returns
// when its call has ended. A page calls them on goroutines of its own, since a function that JavaScript calls must not
// wait.
//
// # Errors
//
// Every error of a method is a [*chatcore.Error], with a code to decide by, except where ctx ended the call: then it is
// [context.Cause] of ctx, unchanged. What was sent by then may have arrived all the same; a cancelled SendMessage may have
// delivered its message. Where an exchange or TokenFunc failed, [errors.Is] and [errors.As] find its own error.
//
// # The token
//
// The token goes to the endpoint and nowhere else. Redirects are not followed: their status is an error like any other. No
// error, event or printed form of this package's types holds a token.
package chathttp
