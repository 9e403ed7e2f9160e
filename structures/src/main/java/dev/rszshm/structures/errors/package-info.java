/** What can go wrong with structures of any kind. */
package dev.rszshm.structures.errors;
