/** What can go wrong with structures of any kind. */
@NullMarked
package dev.rszshm.structures.errors;

import org.jspecify.annotations.NullMarked;
