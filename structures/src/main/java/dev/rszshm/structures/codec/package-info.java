/** What makes bytes of objects, and objects of bytes. */
package dev.rszshm.structures.codec;
