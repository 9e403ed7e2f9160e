/** Counts words with many processes. */
@NullMarked
package dev.rszshm.cli.wordcount;

import org.jspecify.annotations.NullMarked;
