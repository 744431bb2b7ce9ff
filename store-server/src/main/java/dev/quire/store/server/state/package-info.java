/// What the server knows besides the store: connections, settings, users, channels, tracked keys,
/// counters. All of it belongs to the server's one event loop and is touched by that thread alone,
/// but for a connection whose requests are with the writer: that one belongs to the writer until
/// they are done.
@NullMarked
package dev.quire.store.server.state;

import org.jspecify.annotations.NullMarked;
