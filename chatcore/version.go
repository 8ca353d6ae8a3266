package chatcore

// Version is the version of this client, and the one source of it.
const Version = "0.1.0"
