/** Single objects in a heap, which are replaced as a whole. */
package dev.rszshm.structures.object;
