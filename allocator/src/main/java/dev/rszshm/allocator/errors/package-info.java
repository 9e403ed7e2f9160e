/** What can go wrong in an allocator, one type for each cause. */
package dev.rszshm.allocator.errors;
