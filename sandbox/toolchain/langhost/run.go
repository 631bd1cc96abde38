package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	pb "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// bailExit is the exit code of a program that already reported its error to the user (@pulumi/pulumi, cmd/run).
const bailExit = 32

// options are the runtime's options in Pulumi.yaml.
type options struct {
	// typescript makes the SDK compile TypeScript while loading; on by default.
	typescript bool
	// nodeargs are extra arguments of node.
	nodeargs []string
	// tsconfig is the path of a tsconfig.json other than the program's own.
	tsconfig string
}

func readOptions(given map[string]any) options {
	read := options{typescript: true}
	if typescript, ok := given["typescript"].(bool); ok {
		read.typescript = typescript
	}
	if nodeargs, ok := given["nodeargs"].(string); ok {
		read.nodeargs = strings.Fields(nodeargs)
	}
	read.tsconfig, _ = given["tsconfig"].(string)
	return read
}

// Run runs the program to its end. The failure of the program is an answer, not an error of this call.
func (h *host) Run(ctx context.Context, req *pb.RunRequest) (*pb.RunResponse, error) {
	runner, ok := findRunner(req.GetInfo().GetProgramDirectory())
	if !ok {
		return &pb.RunResponse{Error: "@pulumi/pulumi is not installed. Run `npm ci`."}, nil
	}
	opts := readOptions(req.GetInfo().GetOptions().AsMap())
	variables, err := environment(opts, req)
	if err != nil {
		return nil, err
	}
	node := exec.CommandContext(ctx, "node", arguments(opts, runner, h.engine, req)...)
	node.Dir, node.Env = req.GetPwd(), variables
	node.Stdout, node.Stderr = os.Stdout, os.Stderr
	return answer(runBound(node))
}

// runBound runs a command that does not outlive this process. The kernel binds the child to the thread that starts it,
// so the thread is kept until the child ends (https://go.dev/issue/27505).
func runBound(command *exec.Cmd) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	return command.Run()
}

func answer(err error) (*pb.RunResponse, error) {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pb.RunResponse{}, nil
	case errors.As(err, &exit) && exit.ExitCode() == bailExit:
		return &pb.RunResponse{Bail: true}, nil
	default:
		return &pb.RunResponse{Error: fmt.Sprintf("program: %v", err)}, nil
	}
}

// findRunner finds the SDK's entry point, which loads the program, in node_modules of the folder or of its parents.
func findRunner(folder string) (runner string, ok bool) {
	for {
		runner := filepath.Join(folder, "node_modules/@pulumi/pulumi/cmd/run")
		if _, err := os.Stat(runner); err == nil {
			return runner, true
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return "", false
		}
		folder = parent
	}
}

// arguments are the arguments of cmd/run of @pulumi/pulumi.
func arguments(opts options, runner, engine string, req *pb.RunRequest) []string {
	args := append([]string{}, opts.nodeargs...)
	args = append(args, runner,
		"--monitor", req.GetMonitorAddress(),
		"--engine", engine,
		"--organization", req.GetOrganization(),
		"--project", req.GetProject(),
		"--stack", req.GetStack(),
		"--pwd", req.GetPwd(),
		"--parallel", strconv.Itoa(int(req.GetParallel())),
	)
	if req.GetDryRun() {
		args = append(args, "--dry-run")
	}
	program := req.GetInfo().GetEntryPoint()
	if program == "" {
		program = "."
	}
	return append(append(args, program), req.GetArgs()...)
}

// environment passes the stack's configuration, including secrets, to the program. Secrets never reach the arguments.
func environment(opts options, req *pb.RunRequest) ([]string, error) {
	config, err := json.Marshal(req.GetConfig())
	if err != nil {
		return nil, err
	}
	secretKeys, err := json.Marshal(req.GetConfigSecretKeys())
	if err != nil {
		return nil, err
	}
	variables := append(os.Environ(),
		"PULUMI_CONFIG="+string(config),
		"PULUMI_CONFIG_SECRET_KEYS="+string(secretKeys),
		"PULUMI_NODEJS_TYPESCRIPT="+strconv.FormatBool(opts.typescript),
	)
	if opts.tsconfig != "" {
		variables = append(variables, "PULUMI_NODEJS_TSCONFIG_PATH="+opts.tsconfig)
	}
	return variables, nil
}
