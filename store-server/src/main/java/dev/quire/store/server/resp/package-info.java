/// The Redis protocol as bytes: requests are parsed out of an array, replies are written into one.
@NullMarked
package dev.quire.store.server.resp;

import org.jspecify.annotations.NullMarked;
