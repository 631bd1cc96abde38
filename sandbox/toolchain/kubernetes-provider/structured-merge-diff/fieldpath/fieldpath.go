// Package fieldpath is version 4 of structured-merge-diff's package of this name, made of version 6.
//
// The provider's sources import version 4, the Kubernetes libraries of our API server version 6. With this stand-in the
// provider is built on the same libraries as the API server, and the compiler makes them once. It has what the provider
// uses.
package fieldpath

import v6 "sigs.k8s.io/structured-merge-diff/v6/fieldpath"

// Path and Set are what the provider compares when it looks for conflicting field managers.
type (
	Path = v6.Path
	Set  = v6.Set
)

// MakePath makes a Path of its parts.
var MakePath = v6.MakePath
