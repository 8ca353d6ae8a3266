//go:build !js

package main

import (
	"crypto/ecdsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
)

const (
	authorityFile    = "chatdev-ca.pem"
	authorityKeyFile = "chatdev-ca-key.pem"

	certificateType = "CERTIFICATE" // types of PEM blocks
	keyType         = "PRIVATE KEY"
)

// readAuthority reads the files of write. It returns an error if the key does
// not belong to the certificate, which happens if two runs write at once.
func readAuthority(directory string) (*authority, error) {
	a := &authority{file: filepath.Join(directory, authorityFile)}
	pair, err := tls.LoadX509KeyPair(a.file, filepath.Join(directory, authorityKeyFile))
	if err != nil {
		return nil, err
	}
	key, ok := pair.PrivateKey.(*ecdsa.PrivateKey)
	if !ok {
		return nil, errors.New("the authority's key is not an ECDSA key")
	}
	a.certificate, a.key = pair.Leaf, key
	return a, nil
}

// write stores the certificate and the key of an authority in a directory. Only
// this user can read the key.
func (a *authority) write(directory string) error {
	key, err := x509.MarshalPKCS8PrivateKey(a.key)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(directory, 0o700); err != nil {
		return err
	}
	a.file = filepath.Join(directory, authorityFile)
	if err := replace(filepath.Join(directory, authorityKeyFile), encodePEM(keyType, key)); err != nil {
		return err
	}
	return replace(a.file, encodePEM(certificateType, a.certificate.Raw))
}

// replace writes a file atomically, with mode 0600.
func replace(path string, content []byte) error {
	temporary, err := writeTemporary(filepath.Dir(path), filepath.Base(path)+"-*", content)
	if err != nil {
		return err
	}
	if err := os.Rename(temporary, path); err != nil {
		return errors.Join(err, os.Remove(temporary))
	}
	return nil
}

// writeTemporary creates a temporary file with content and mode 0600.
func writeTemporary(directory, pattern string, content []byte) (path string, err error) {
	file, err := os.CreateTemp(directory, pattern)
	if err != nil {
		return "", err
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Close()); err != nil {
		return "", errors.Join(err, os.Remove(file.Name()))
	}
	return file.Name(), nil
}

func encodePEM(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}
