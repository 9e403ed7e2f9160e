/** What can be wrong with an object in a heap. */
package dev.rszshm.structures.object.errors;
