package main

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"

	pb "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

// host answers the engine. It answers other calls (code generation, packaging) with "unimplemented", because
// deploying a program needs none of them.
type host struct {
	pb.UnimplementedLanguageRuntimeServer
	// engine is the address of the engine's gRPC server, to which the program logs.
	engine string
}

// GetPluginInfo reports the version of the protocol.
func (*host) GetPluginInfo(context.Context, *emptypb.Empty) (*pb.PluginInfo, error) {
	return &pb.PluginInfo{Version: version}, nil
}

// About describes the Node.js that runs programs, for `pulumi about`.
func (*host) About(context.Context, *pb.AboutRequest) (*pb.AboutResponse, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, err
	}
	nodeVersion, err := exec.Command(node, "--version").Output()
	if err != nil {
		return nil, err
	}
	return &pb.AboutResponse{Executable: node, Version: strings.TrimSpace(string(nodeVersion))}, nil
}

// RuntimeOptionsPrompts asks for nothing when a project is created, because every option has a default.
func (*host) RuntimeOptionsPrompts(
	context.Context, *pb.RuntimeOptionsRequest,
) (*pb.RuntimeOptionsResponse, error) {
	return &pb.RuntimeOptionsResponse{}, nil
}

// GetRequiredPackages lists the resource plugins that the installed npm packages need. Such a package has
// `pulumi.resource` in its package.json.
func (*host) GetRequiredPackages(
	_ context.Context, req *pb.GetRequiredPackagesRequest,
) (*pb.GetRequiredPackagesResponse, error) {
	response, seen := &pb.GetRequiredPackagesResponse{}, map[string]bool{}
	visitInstalled(req.GetInfo().GetProgramDirectory(), func(m manifest) {
		plugin := m.plugin()
		if plugin == nil || seen[plugin.Name+plugin.Version] {
			return
		}
		seen[plugin.Name+plugin.Version] = true
		response.Packages = append(response.Packages, plugin)
	})
	return response, nil
}

// GetProgramDependencies lists the program's direct npm dependencies with their installed versions.
func (*host) GetProgramDependencies(
	_ context.Context, req *pb.GetProgramDependenciesRequest,
) (*pb.GetProgramDependenciesResponse, error) {
	response := &pb.GetProgramDependenciesResponse{}
	folder := req.GetInfo().GetProgramDirectory()
	program, _ := readManifest(folder) // a folder without package.json has no dependencies
	for _, dependencies := range []map[string]string{program.Dependencies, program.DevDependencies} {
		for name := range dependencies {
			if installed, ok := readManifest(filepath.Join(folder, "node_modules", name)); ok {
				dependency := &pb.DependencyInfo{Name: name, Version: installed.Version}
				response.Dependencies = append(response.Dependencies, dependency)
			}
		}
	}
	return response, nil
}

// InstallDependencies runs `npm install` for `pulumi install` and passes its output on.
func (*host) InstallDependencies(
	req *pb.InstallDependenciesRequest, stream grpc.ServerStreamingServer[pb.InstallDependenciesResponse],
) error {
	install := exec.CommandContext(stream.Context(), "npm", "install", "--no-audit", "--no-fund")
	install.Dir = req.GetInfo().GetProgramDirectory()
	output, err := install.CombinedOutput()
	if sendErr := stream.Send(&pb.InstallDependenciesResponse{Stdout: output}); sendErr != nil {
		return sendErr
	}
	return err
}
