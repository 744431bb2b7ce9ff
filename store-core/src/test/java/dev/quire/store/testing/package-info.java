/// Doubles of the store's seams for tests: disks that crash, fail, lie and count.
@NullMarked
package dev.quire.store.testing;

import org.jspecify.annotations.NullMarked;
