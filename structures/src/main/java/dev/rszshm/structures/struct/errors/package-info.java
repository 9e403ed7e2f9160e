/** What structs and arrays of them throw. */
@NullMarked
package dev.rszshm.structures.struct.errors;

import org.jspecify.annotations.NullMarked;
