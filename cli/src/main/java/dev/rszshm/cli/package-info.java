/**
 * The command rszshm: reads its arguments, runs fill, wordcount, info and rm, and tells how it
 * went.
 */
@NullMarked
package dev.rszshm.cli;

import org.jspecify.annotations.NullMarked;
