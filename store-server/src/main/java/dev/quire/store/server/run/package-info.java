/// How requests are run: reads on the event loop, writes of all connections by one writer in
/// groups, replies in the order of each connection.
@NullMarked
package dev.quire.store.server.run;

import org.jspecify.annotations.NullMarked;
