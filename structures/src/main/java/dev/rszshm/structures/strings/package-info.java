/**
 * Interned strings in a shared heap, for any number of processes: {@link
 * dev.rszshm.structures.strings.StringTable}.
 */
package dev.rszshm.structures.strings;
