/// Sockets: accepting connections, and passing their bytes on.
@NullMarked
package dev.quire.store.server.net;

import org.jspecify.annotations.NullMarked;
