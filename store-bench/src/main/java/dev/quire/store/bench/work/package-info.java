/// What is done with a store and measured, and the one trial of it that a JVM is started for.
@NullMarked
package dev.quire.store.bench.work;

import org.jspecify.annotations.NullMarked;
