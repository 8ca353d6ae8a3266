export default { server: { proxy: { "/token": { target: "http://localhost:8080" } } } };
