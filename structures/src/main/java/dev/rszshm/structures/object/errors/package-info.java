/** What can be wrong with an object in a heap. */
@NullMarked
package dev.rszshm.structures.object.errors;

import org.jspecify.annotations.NullMarked;
