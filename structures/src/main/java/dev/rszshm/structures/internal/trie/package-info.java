/** A trie of keys, which structures find by bytes. */
@NullMarked
package dev.rszshm.structures.internal.trie;

import org.jspecify.annotations.NullMarked;
