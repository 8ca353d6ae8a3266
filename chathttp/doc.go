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
// # Lists
//
// A method that lists returns a sequence, to be ranged over, which asks for pages as it needs them; options.MaxPageSize says
// how much comes at once. Its variant ByPage gives the pages themselves, whose NextLink, as that of the options, is where
// a later list goes on.
//
// A sequence sends nothing before it is ranged over, begins anew each time that it is, and leaves nothing behind when the
// loop is left. An error is the last that it gives, with nothing beside it. The end of ctx ends the exchange under way and
// those to come; what is there already is given. Time limits count for each page by itself.
//
// [Client.WatchMessages] is a sequence, too, of what is sent, edited and deleted in a thread, and has no end of its own.
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
