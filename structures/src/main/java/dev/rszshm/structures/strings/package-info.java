/**
 * Interned strings in a shared heap, for any number of processes: {@link
 * dev.rszshm.structures.strings.StringTable}.
 */
@NullMarked
package dev.rszshm.structures.strings;

import org.jspecify.annotations.NullMarked;
