package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	pb "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// manifest holds the fields of a package.json that this host needs.
type manifest struct {
	Name    string
	Version string
	Pulumi  struct {
		// Resource is true for the SDK of a resource plugin. The other fields name the plugin if it differs from the package.
		Resource              bool
		Name, Version, Server string
	}
	Dependencies, DevDependencies map[string]string
}

// readManifest reads the package.json of a folder; ok is false when it is missing or broken.
func readManifest(folder string) (m manifest, ok bool) {
	content, err := os.ReadFile(filepath.Join(folder, "package.json"))
	return m, err == nil && json.Unmarshal(content, &m) == nil
}

// plugin is the resource plugin of an SDK package; nil for every other package.
func (m manifest) plugin() *pb.PackageDependency {
	if !m.Pulumi.Resource {
		return nil
	}
	name, version := m.Pulumi.Name, m.Pulumi.Version
	if name == "" {
		name = strings.TrimPrefix(m.Name, "@pulumi/")
	}
	if version == "" {
		version = m.Version
	}
	return &pb.PackageDependency{
		Kind:    "resource",
		Name:    name,
		Version: "v" + strings.TrimPrefix(version, "v"),
		Server:  m.Pulumi.Server,
	}
}

// visitInstalled visits every package that a program in the folder could require: the packages in its node_modules,
// nested packages, and the packages of all parent folders.
func visitInstalled(folder string, visit func(manifest)) {
	for {
		visitModules(filepath.Join(folder, "node_modules"), visit)
		parent := filepath.Dir(folder)
		if parent == folder {
			return
		}
		folder = parent
	}
}

// visitModules visits the packages in one node_modules or scope folder; a missing folder has none.
func visitModules(modules string, visit func(manifest)) {
	entries, _ := os.ReadDir(modules)
	for _, entry := range entries {
		folder := filepath.Join(modules, entry.Name())
		if strings.HasPrefix(entry.Name(), "@") {
			visitModules(folder, visit)
			continue
		}
		if m, ok := readManifest(folder); ok {
			visit(m)
			visitModules(filepath.Join(folder, "node_modules"), visit)
		}
	}
}
