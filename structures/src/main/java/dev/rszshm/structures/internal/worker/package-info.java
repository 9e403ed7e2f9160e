/**
 * How worker JVMs are started and watched. In the starter: {@code JavaCommand}, {@code StartFile},
 * {@code OutputPump}; in the worker: {@code WorkerMain}, {@code StarterWatch}.
 */
@NullMarked
package dev.rszshm.structures.internal.worker;

import org.jspecify.annotations.NullMarked;
