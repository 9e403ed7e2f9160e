/** What makes bytes of objects, and objects of bytes, in a heap and without a copy between. */
package dev.rszshm.structures.codec;
