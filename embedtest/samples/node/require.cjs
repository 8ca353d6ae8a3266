const { initialize } = require("acschat");

console.log(typeof initialize);
