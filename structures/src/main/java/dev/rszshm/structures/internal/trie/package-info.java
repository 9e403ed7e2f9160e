/** A trie of keys, which structures find by bytes. */
package dev.rszshm.structures.internal.trie;
