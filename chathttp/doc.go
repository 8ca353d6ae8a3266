// Package chathttp is a client for Azure Communication Services (ACS) Chat over net/http. Use it in Go programs, in pages whose own
// program is Go, and in tests against a real server.
//
// Package chatcore decides what a call does. Its types are the requests, results and errors of this package. chathttp does the I/O: it
// sends requests, waits, reads the clock and asks for tokens.
//
// A [Client] acts for one user of one resource. All goroutines may call its methods at the same time. A method returns when its call has
// ended. In a page, call methods on a new goroutine: a function that JavaScript calls must not block.
//
// # Lists
//
// A list method returns an iterator for a range loop. The loop requests a page when it needs one. options.MaxPageSize sets how many items
// a page has. The method whose name ends in ByPage returns whole pages. To continue a list later, pass the NextLink of a page in the
// options.
//
// The iterator sends nothing before the loop begins, and each loop starts the list again. You may leave the loop at any time. If a page
// fails, the last iteration has the error and a zero item. If ctx ends, the loop first returns the items of the page it has, and then the
// error. The time limits apply to each page.
//
// [Client.WatchMessages] is an iterator, too. It returns what is sent, edited and deleted in a thread, and does not end by itself.
//
// # Conversations
//
// [Client.OpenConversation] keeps what an application shows of a thread up to date, and queues what its user sends, in a [Storage] or
// in memory.
//
// # Hints
//
// [Client.Wake] makes the watches and conversations of a thread and the inbox poll at once.
//
// # Errors
//
// Methods return a [*chatcore.Error]. Its Code says what kind of failure it is. There is one exception: if ctx ended the call, they return
// [context.Cause] of ctx, unchanged. The request may have arrived nevertheless. So a cancelled SendMessage may have sent its message.
//
// [errors.Is] and [errors.As] also find the errors of net/http and of TokenFunc.
//
// # The token
//
// The client sends the token to the endpoint only. It does not follow redirects: they are errors. No error, no report to OnExchange and no
// printed form of this package's types contains the token.
package chathttp
