/** The command rszshm: reads its arguments, runs fill, info and rm, and tells how it went. */
@NullMarked
package dev.rszshm.cli;

import org.jspecify.annotations.NullMarked;
