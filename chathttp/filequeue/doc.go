// Package filequeue keeps the queues of chathttp's conversations in files, so that messages that were not sent yet survive the
// program.
//
// A [Folder] holds one file for each record. Several programs may use it at once. A change is made in a new file that replaces the
// old one, so that a crash at any time leaves the one or the other. Locks are the operating system's own and end with their program.
//
// The files are readable for their owner only. They hold what the user has written, and never an access token.
package filequeue
