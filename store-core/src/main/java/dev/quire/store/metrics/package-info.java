/// Metrics of a store for Dropwizard Metrics, an optional library: `io.dropwizard.metrics`.
@NullMarked
package dev.quire.store.metrics;

import org.jspecify.annotations.NullMarked;
