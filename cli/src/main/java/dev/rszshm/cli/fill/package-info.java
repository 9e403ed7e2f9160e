/** Fills a heap from many processes, looks at what is in it, and says so. */
@NullMarked
package dev.rszshm.cli.fill;

import org.jspecify.annotations.NullMarked;
