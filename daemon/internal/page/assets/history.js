import "/asset/base.js";
