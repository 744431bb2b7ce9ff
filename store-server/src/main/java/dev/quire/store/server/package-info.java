/// A server that speaks the Redis protocol in front of a store: any client of that protocol, in any
/// language, reads and writes what embedded processes of the same host do.
@NullMarked
package dev.quire.store.server;

import org.jspecify.annotations.NullMarked;
