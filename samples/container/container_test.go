//go:build !js

// Package container has a Dockerfile and a compose file for chatdev. Its tests need no Docker: they run the build's commands
// in a copy of the repository, and then chatdev with the flags of both files.
package container

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

const root = "../.."

// instruction is a line of a Dockerfile, such as RUN make build.
type instruction struct {
	stage          int // from 0
	name, argument string
}

func readDockerfile(t *testing.T) (instructions []instruction) {
	t.Helper()
	stage := -1
	for _, line := range readLines(t, "Dockerfile") {
		name, argument, _ := strings.Cut(line, " ")
		require.NotContains(t, line, `\`, "this test reads one line for each instruction")
		if name == "FROM" {
			stage++
		}
		instructions = append(instructions, instruction{stage, name, argument})
	}
	return instructions
}

// readLines returns the lines of a file that are neither empty nor comments.
func readLines(t *testing.T, file string) (lines []string) {
	t.Helper()
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	for line := range strings.Lines(string(content)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	return lines
}

// compose has the fields that compose.yaml uses. Any other is an error.
type compose struct {
	Services map[string]struct {
		Build struct{ Context, Dockerfile string }
		Image string

		Command     []string
		Profiles    []string
		Ports       []string
		Volumes     []string
		Environment map[string]string
		DependsOn   map[string]struct{ Condition string } `yaml:"depends_on"`
		Healthcheck struct {
			Test     []string
			Interval time.Duration
		}
	}
	Volumes map[string]any
}

func readCompose(t *testing.T) (c compose) {
	t.Helper()
	file, err := os.Open("compose.yaml")
	require.NoError(t, err)
	defer file.Close()
	decoder := yaml.NewDecoder(file)
	decoder.KnownFields(true)
	require.NoError(t, decoder.Decode(&c))
	return c
}

var versionTag = regexp.MustCompile(`^[a-z]+:\d+\.\d+(\.\d+)?$`)

// goVersion returns the version of Go for which the Makefile has its flags, such as 1.26.
func goVersion(t *testing.T) string {
	t.Helper()
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	require.NoError(t, err)
	found := regexp.MustCompile(`filter go([\d.]+) `).FindSubmatch(makefile)
	require.NotNil(t, found)
	return string(found[1])
}

func TestImagesArePinned(t *testing.T) {
	var images []string
	for _, i := range readDockerfile(t) {
		if i.name == "FROM" {
			image, _, _ := strings.Cut(i.argument, " ")
			images = append(images, image)
		}
	}
	require.Len(t, images, 2)
	assert.True(t, strings.HasPrefix(images[0], "golang:"+goVersion(t)+"."), "%s must be the Go that makes the small module", images[0])
	for _, service := range readCompose(t).Services {
		if service.Image != "" {
			images = append(images, service.Image)
		}
	}
	for _, image := range images {
		assert.Regexp(t, versionTag, image)
	}
}

func TestComposeFileFitsTogether(t *testing.T) {
	c := readCompose(t)
	acs, tests := c.Services["acs"], c.Services["tests"]
	require.Len(t, c.Services, 2)

	dockerfile, err := os.Stat(filepath.Join(acs.Build.Context, acs.Build.Dockerfile))
	require.NoError(t, err)
	own, err := os.Stat("Dockerfile")
	require.NoError(t, err)
	assert.True(t, os.SameFile(own, dockerfile))
	assert.FileExists(t, filepath.Join(acs.Build.Context, "go.mod"))

	exposed := ""
	for _, i := range readDockerfile(t) {
		if i.name == "EXPOSE" {
			exposed = i.argument
		}
	}
	var published []string
	for _, port := range acs.Ports {
		parts := strings.Split(port, ":")
		require.Len(t, parts, 3, port)
		assert.Equal(t, "127.0.0.1", parts[0], "only this machine may connect")
		assert.Equal(t, parts[2], parts[1], "the token route answers chatdev's own port")
		published = append(published, parts[2])
	}
	assert.Equal(t, exposed, strings.Join(published, " "))

	for _, service := range c.Services {
		for _, volume := range service.Volumes {
			name, _, _ := strings.Cut(volume, ":")
			assert.Contains(t, c.Volumes, name)
		}
	}
	assert.Equal(t, "service_healthy", tests.DependsOn["acs"].Condition)
	assert.NotEmpty(t, acs.Healthcheck.Test)
	assert.Positive(t, acs.Healthcheck.Interval)
}

// copyContext copies what Docker would send to the build.
func copyContext(t *testing.T, dir string) {
	t.Helper()
	patterns := readLines(t, "Dockerfile.dockerignore")
	ignored := func(name string) bool {
		for _, pattern := range patterns {
			anywhere, isAnywhere := strings.CutPrefix(pattern, "**/")
			if matched, _ := path.Match(pattern, name); matched || isAnywhere && path.Base(name) == anywhere {
				return true
			}
		}
		return false
	}
	files := 0
	require.NoError(t, filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // a temporary file of another test
		}
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		target := filepath.Join(dir, name)
		switch {
		case ignored(filepath.ToSlash(name)) && entry.IsDir():
			return fs.SkipDir
		case ignored(filepath.ToSlash(name)):
			return nil
		case entry.IsDir():
			return os.MkdirAll(target, 0o755)
		case !entry.Type().IsRegular():
			return nil
		}
		files++
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		return os.WriteFile(target, content, info.Mode())
	}))
	assert.Less(t, files, 5000, "the build gets no installed packages")
}

// TestImage does what a build of the image and a start of its container do, as far as that needs no other root directory.
func TestImage(t *testing.T) {
	if testing.Short() {
		t.Skip("builds everything")
	}
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("make is not on the PATH")
	}
	src, image := t.TempDir(), t.TempDir()
	workdirs := make(map[int]string)
	var entrypoint []string
	environment := make(map[string]string)
	for _, i := range readDockerfile(t) {
		switch {
		case i.name == "WORKDIR":
			workdirs[i.stage] = i.argument
		case i.name == "COPY" && i.stage == 0:
			require.Equal(t, ". .", i.argument)
			copyContext(t, src)
		case i.name == "RUN" && i.stage == 0:
			run(t, src, i.argument)
		case i.name == "COPY":
			var from, to string
			words := strings.Fields(i.argument)
			require.Len(t, words, 3)
			require.Equal(t, "--from=build", words[0])
			from, isInSource := strings.CutPrefix(words[1], workdirs[0]+"/")
			require.True(t, isInSource, words[1])
			if to = words[2]; !path.IsAbs(to) {
				to = path.Join(workdirs[1], to)
			}
			to = filepath.Join(image, to)
			require.NoError(t, os.MkdirAll(filepath.Dir(to), 0o755))
			require.NoError(t, os.Rename(filepath.Join(src, from), to))
		case i.name == "ENV":
			name, value, _ := strings.Cut(i.argument, "=")
			environment[name] = value
		case i.name == "ENTRYPOINT":
			require.NoError(t, json.Unmarshal([]byte(i.argument), &entrypoint))
		}
	}
	assert.FileExists(t, filepath.Join(image, workdirs[1], "web", "chat.wasm"))
	binary := filepath.Join(image, "usr/local/bin", entrypoint[0])
	require.FileExists(t, binary, "on the PATH of the image")

	c := readCompose(t)
	acs, tests := c.Services["acs"], c.Services["tests"]
	var args []string
	for _, arg := range append(entrypoint[1:], acs.Command...) {
		if strings.HasPrefix(arg, ":") {
			arg = "127.0.0.1:0" // the ports may be in use here, and others must not connect
		}
		args = append(args, arg)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	chatdev := exec.CommandContext(ctx, binary, append(args, "-json")...)
	chatdev.Dir = filepath.Join(image, workdirs[1])
	chatdev.Env = append(os.Environ(), "ACS_CONNECTION_STRING=")
	for name, value := range environment {
		chatdev.Env = append(chatdev.Env, name+"="+filepath.Join(image, value))
	}
	chatdev.Stderr = os.Stderr
	stdout, err := chatdev.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, chatdev.Start())
	defer func() {
		cancel()
		_ = chatdev.Wait() // it was killed
	}()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)
	var ready struct {
		Page, Endpoint, Certificate string
		Users                       map[string]any
	}
	require.NoError(t, json.Unmarshal([]byte(line), &ready))
	assert.Len(t, ready.Users, 2)

	check := acs.Healthcheck.Test[len(acs.Healthcheck.Test)-1]
	assertAnswers(t, http.DefaultClient, withPortOf(t, check, ready.Page), "<!doctype html>")

	// The service tests finds the emulator by its name, and the CA's file in the volume.
	assert.Equal(t, filepath.Join(image, tests.Environment["NODE_EXTRA_CA_CERTS"]), ready.Certificate)
	content, err := os.ReadFile(ready.Certificate)
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(content))
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots},
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			_, port, _ := net.SplitHostPort(address)
			return new(net.Dialer).DialContext(ctx, network, "127.0.0.1:"+port) // as Compose resolves the name acs
		},
	}}
	defer client.CloseIdleConnections()
	requested := regexp.MustCompile(`https://[^']+`).FindString(strings.Join(tests.Command, " "))
	assertAnswers(t, client, withPortOf(t, requested, ready.Endpoint), `{"ready":true}`)
}

func run(t *testing.T, dir, command string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	shell := exec.CommandContext(ctx, "sh", "-c", command)
	shell.Dir = dir
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "MAKE") && !strings.HasPrefix(variable, "MFLAGS=") { // of the make that runs this test
			shell.Env = append(shell.Env, variable)
		}
	}
	output, err := shell.CombinedOutput()
	require.NoError(t, err, "%s\n%s", command, output)
}

// withPortOf returns a URL with the port of another.
func withPortOf(t *testing.T, address, other string) string {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	o, err := url.Parse(other)
	require.NoError(t, err)
	u.Host = net.JoinHostPort(u.Hostname(), o.Port())
	return u.String()
}

func assertAnswers(t *testing.T, client *http.Client, url, text string) {
	t.Helper()
	response, err := client.Get(url)
	require.NoError(t, err)
	defer response.Body.Close()
	var body strings.Builder
	_, err = bufio.NewReader(response.Body).WriteTo(&body)
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, response.StatusCode, url)
	assert.Contains(t, body.String(), text)
}
