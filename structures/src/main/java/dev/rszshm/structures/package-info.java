/** What processes build with a heap and its allocator, and find by name. */
package dev.rszshm.structures;
